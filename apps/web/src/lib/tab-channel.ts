/** Notifies this browser's other tabs of the same origin. Messages are bare words: no secrets, nothing personal. */
function tabChannel<Message extends string>(name: string, messages: readonly Message[]) {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name);
  return {
    announce: (message: Message) => channel?.postMessage(message),
    /** Returns a function that stops listening. */
    listen(onMessage: (message: Message) => void): () => void {
      const receive = (event: MessageEvent<unknown>) => {
        const known = messages.find((message) => message === event.data);
        if (known) onMessage(known);
      };
      channel?.addEventListener('message', receive);
      return () => channel?.removeEventListener('message', receive);
    },
  };
}

/** Signing in and out. A tab that is notified drops mail, and asks the API about anything else. */
export const sessionChannel = tabChannel('argus-session', ['signed_in', 'signed_out']);

/** The authorization with Microsoft 365 may have changed: ask the API again. */
export const authorizationChannel = tabChannel('argus-authorization', ['changed']);
