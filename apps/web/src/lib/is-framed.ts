/** Whether this page is framed. Microsoft's sign-in page refuses framing, so it needs its own window. */
export const isFramed = window.self !== window.top;
