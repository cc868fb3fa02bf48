import { useFragment } from '../../lib/use-fragment.ts';

/** The token of a one-time link, which comes in the fragment; '' where it has none. */
export function useFragmentToken(): string {
  return new URLSearchParams(useFragment()).get('token') ?? '';
}
