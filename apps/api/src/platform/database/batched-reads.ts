import DataLoader from 'dataloader';

/** How many statements of one kind run at once; who asks meanwhile waits for the first of them to end. */
const mostRunning = 2;
const mostAtOnce = 100;

/**
 * Answers those who ask at the same time by one statement: most of a short statement's cost is its way there and back, and its start.
 * Nobody is answered by a statement that was sent before they asked. One who asks alone waits for nobody.
 * @param readAll the answers to these questions, in their order; it fails for all of them
 */
export function batchedReads<Question, Answer>(
  readAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  let running = 0;
  const waiting: (() => void)[] = [];
  const loader = new DataLoader<Question, Answer>(
    async (questions) => {
      running += 1;
      try {
        return await readAll(questions);
      } finally {
        running -= 1;
        waiting.shift()?.();
      }
    },
    {
      // What the database said a moment ago is not asked for.
      cache: false,
      maxBatchSize: mostAtOnce,
      batchScheduleFn: (send) => {
        if (running < mostRunning) setImmediate(send);
        else waiting.push(send);
      },
    },
  );
  return (question) => loader.load(question);
}
