import { useText } from '../../../i18n/text-context.tsx';

/** Returns the lines of a message as an entry shows them: `{status}` becomes the name of its value (〔状態コード〕). */
export function useMessageLines(): (message: readonly string[]) => string[] {
  const { placeholder, placeholders } = useText('triage/dictionary');
  return (message) =>
    message.map((line) => line.replace(/\{(\w+)\}/g, (_, name: string) => placeholder(placeholders[name] ?? name)));
}
