/** Marks, embeddings, overrides and isolates (UAX #9): they can make "exe.png" of "gnp.exe". */
const directionMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A foreign text without invisible direction marks, so that it reads in the order in which it is written. Writing that
 * runs from right to left needs none of them: an element of its own (`bdi`) gives it its direction.
 */
export function plainDirection(text: string): string {
  return text.replaceAll(directionMarks, '');
}
