import { useMutation } from '@tanstack/react-query';
import { request } from './api-client.ts';

/** Proves the signed-in user's password: for ten minutes, in this session. */
export function useReauthenticate() {
  return useMutation({
    mutationFn: (password: string) => request('POST /api/session/reauthentication', { body: { password } }),
    gcTime: 0,
  });
}
