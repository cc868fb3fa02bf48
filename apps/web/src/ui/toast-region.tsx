import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useText } from '../i18n/text-context.tsx';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';

const shownMs = 6_000;

interface Toast {
  readonly id: number;
  readonly text: string;
}

const ToastContext = createContext<((text: string) => void) | null>(null);

/**
 * Provides `useToast` to everything below, and shows the toasts at the bottom right. They report success; faults are
 * shown in place.
 */
export function ToastRegion({ children }: { children: ReactNode }) {
  const { notifications } = useText('common');
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const nextId = useRef(1);
  const dismiss = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback((text: string) => {
    const toast = { id: nextId.current++, text };
    setToasts((all) => [...all.slice(-2), toast]);
  }, []);
  const value = useMemo(() => show, [show]);
  return (
    <ToastContext value={value}>
      {children}
      <section className="argus-toasts" aria-live="polite" aria-label={notifications}>
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onClose={dismiss} />
        ))}
      </section>
    </ToastContext>
  );
}

function ToastCard({ toast, onClose }: { toast: Toast; onClose: (id: number) => void }) {
  const { close } = useText('common');
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => onClose(toast.id), shownMs);
    return () => clearTimeout(timer);
  }, [held, onClose, toast.id]);
  return (
    <div className="argus-toast" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
      <Icon name="utility:success" tone="inverse" size="small" />
      <p className="argus-toast__text">{toast.text}</p>
      <IconButton icon="utility:close" label={close} onClick={() => onClose(toast.id)} />
    </div>
  );
}

/** Reports that something is done: `toast('保存しました。')`. */
export function useToast(): (text: string) => void {
  const toast = use(ToastContext);
  if (!toast) throw new Error('No ToastRegion above this component');
  return toast;
}
