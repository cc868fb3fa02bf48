import { useEffect, useId, useRef, useState } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';

const pauseMs = 300;
/** The longest search that the API accepts. */
const longestSearch = 320;

/**
 * A search that runs after a short pause in typing, and on Enter at once. It does not run during IME composition
 * (Japanese). `value` may change from outside, for example by the back button.
 */
export function SearchBox(props: {
  label: string;
  value: string;
  onSearch: (text: string) => void;
  placeholder?: string;
  maxLength?: number;
}) {
  const { label, value, onSearch, placeholder, maxLength = longestSearch } = props;
  const words = useText('controls');
  const id = useId();
  const [text, setText] = useState(value);
  const composing = useRef(false);
  const sent = useRef(value);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);

  const search = (wanted: string) => {
    if (wanted === sent.current) return;
    sent.current = wanted;
    onSearch(wanted);
  };
  useEffect(() => {
    if (composing.current || text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      onSearch(text);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text, onSearch]);

  return (
    <search className="argus-search">
      <label className="slds-assistive-text" htmlFor={id}>
        {label}
      </label>
      <span className="argus-search__icon">
        <Icon name="utility:search" size="x-small" tone="light" />
      </span>
      <input
        ref={input}
        id={id}
        type="search"
        enterKeyHint="search"
        autoComplete="off"
        spellCheck={false}
        className="slds-input argus-search__input"
        placeholder={placeholder ?? label}
        maxLength={maxLength}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onPaste={(event) => {
          // The input would drop the line breaks of a pasted text, and join its words.
          const pasted = event.clipboardData.getData('text');
          if (!/[\r\n]/.test(pasted)) return;
          event.preventDefault();
          const { selectionStart, selectionEnd, value: typed } = event.currentTarget;
          const before = typed.slice(0, selectionStart ?? typed.length);
          const joined = pasted.replace(/\s+/g, ' ').trim();
          setText(`${before}${joined}${typed.slice(selectionEnd ?? typed.length)}`.slice(0, maxLength));
        }}
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={(event) => {
          composing.current = false;
          // The last change came during composition and was ignored; this one starts the pause.
          setText(`${event.currentTarget.value}`);
          search(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) search(text);
          if (event.key === 'Escape' && text !== '') {
            setText('');
            search('');
          }
        }}
      />
      {text === '' ? null : (
        <span className="argus-search__clear">
          <IconButton
            icon="utility:close"
            label={words.clearSearch}
            onClick={() => {
              setText('');
              search('');
              input.current?.focus();
            }}
          />
        </span>
      )}
    </search>
  );
}
