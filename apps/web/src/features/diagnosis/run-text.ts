import type { DoctorRunView, DoctorStep } from '@argus/contract/endpoints/diagnosis';
import type { Language } from '@argus/contract/language';
import type { Texts } from '../../i18n/text-context.tsx';
import { formatExact } from '../../lib/format-time.ts';
import { shownState } from './run-steps.ts';

type Words = Texts['diagnosis/doctor'];

/** Facts that are timestamps, ISO 8601. */
const moments: ReadonlySet<string> = new Set(['validUntil', 'tokenExpiresAt', 'authorizedAt']);

export function isMoment(fact: string): boolean {
  return moments.has(fact);
}

/** How long a step took, in words. */
export function latencyText(latencyMs: number, words: Words, language: Language): string {
  const { milliseconds, seconds } = words.result;
  if (latencyMs < 1000) return milliseconds(latencyMs.toLocaleString(language));
  return seconds((latencyMs / 1000).toLocaleString(language, { maximumFractionDigits: 1 }));
}

/** The word of a step's state. */
export function stateText(run: DoctorRunView['state'], step: DoctorStep, words: Words): string {
  const state = shownState(run, step.state);
  return state === 'interrupted' ? words.result.interruptedStep : words.states[state];
}

/** A step's fact, for display. */
export function factText(name: string, value: string, words: Words, language: Language): string {
  if (isMoment(name)) return formatExact(Date.parse(value), language);
  return name === 'evidence' ? (words.evidence[value] ?? value) : value;
}

/** A whole run as plain text, for sending to somebody else. A run contains no secrets, so neither does this. */
export function runText(run: DoctorRunView, words: Words, language: Language): string {
  const { result } = words;
  const head = [
    words.title,
    run.username === null ? result.configuration : result.of(run.username),
    `${result.startedAt}: ${formatExact(Date.parse(run.startedAt), language)} (${words.runStates[run.state]})`,
    `${result.runId}: ${run.id}`,
  ];
  const steps = run.steps.flatMap((step, index) => [
    '',
    `${index + 1}. ${words.steps[step.id]}: ${stateText(run.state, step, words)}${
      step.latencyMs === null ? '' : ` (${latencyText(step.latencyMs, words, language)})`
    }`,
    ...(step.reason === null ? [] : [`   ${words.reasons[step.reason]}`]),
    ...(step.problem?.lines ?? []).map((line) => `   ${line}`),
    ...(step.problem?.errorId === undefined ? [] : [`   ${step.problem.code} · ${step.problem.errorId}`]),
    ...(step.problem?.admin?.causes ?? []).map(({ remedy }) => `   → ${remedy}`),
    ...step.facts.map(({ name, value }) => `   ${words.facts[name]}: ${factText(name, value, words, language)}`),
  ]);
  return [...head, ...steps].join('\n');
}
