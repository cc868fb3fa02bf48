import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FullConfig, Reporter, Suite, TestCase, TestResult, TestStep } from '@playwright/test/reporter';
import type { Evidence } from './fixtures/error-view.ts';

const reportFile = resolve(import.meta.dirname, '../qa-report/index.html');

/**
 * The rows of the customer's table, and our own of the same family, in order: a row without a scenario must be
 * visible.
 */
const rows = [
  ...['A1', 'A2', 'A2+', 'A3', 'A3b', 'A4', 'A5', 'A6', 'A-status', 'A-mismatch'],
  ...['B1', 'B2', 'B3', 'B4', 'B5', 'B5b', 'B6', 'B6b', 'B7', 'B-status', 'C1'],
];

interface Shown extends Evidence {
  /** JPEG, base64. */
  readonly picture: string | undefined;
}

interface Scenario {
  readonly row: string | undefined;
  readonly title: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly done: readonly string[];
  readonly evidence: readonly Shown[];
  readonly error: string | undefined;
}

/** Writes the QA report: one self-contained page with what each scenario did, expected and was shown. */
class QaReporter implements Reporter {
  #browser = '';
  /** Test ids in the order of the spec files, as tests end in another order. */
  #order: readonly string[] = [];
  readonly #scenarios = new Map<string, readonly Scenario[]>();

  onBegin(config: FullConfig, suite: Suite): void {
    this.#order = suite.allTests().map(({ id }) => id);
    this.#browser = `Chromium / ${config.workers}並列`;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#scenarios.set(test.id, fromResult(test, result));
  }

  async onEnd(): Promise<void> {
    const database = process.env.TEST_DATABASE_URL ? 'PostgreSQL' : 'PGlite（組み込み）';
    const scenarios = this.#order.flatMap((id) => this.#scenarios.get(id) ?? []);
    await mkdir(resolve(reportFile, '..'), { recursive: true });
    await writeFile(reportFile, page(scenarios, `${database} / ${this.#browser}`));
  }

  printsToStdio(): boolean {
    return false;
  }
}

// biome-ignore lint/style/noDefaultExport: Playwright takes a reporter by its default export
export default QaReporter;

const rowTitle = /^([A-C](?:\d[a-z]?|-[a-z]+)\+?): (.*)$/;

/** The scenario; if it covers several rows, each of them as well. */
function fromResult(test: TestCase, result: TestResult): Scenario[] {
  const title = test.titlePath().slice(3).join(' › ');
  const [, row, about] = rowTitle.exec(test.title) ?? [];
  const evidence = evidenceOf(result);
  const scenario: Scenario = {
    row,
    title: about ?? title,
    passed: result.status === test.expectedStatus,
    seconds: tenths(result.duration),
    done: actions(result.steps),
    evidence: evidence.filter((each) => each.row === undefined),
    error: result.error?.message,
  };
  return [scenario, ...rowSteps(result.steps).map((step) => fromRowStep(step, evidence))];
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds / 100) / 10;
}

function rowSteps(steps: readonly TestStep[]): TestStep[] {
  return steps.flatMap((step) => (rowTitle.test(step.title) ? [step] : rowSteps(step.steps)));
}

function fromRowStep({ title, duration, steps, error }: TestStep, evidence: readonly Shown[]): Scenario {
  const [, row, about = title] = rowTitle.exec(title) ?? [];
  const own = evidence.filter((each) => each.row === title);
  const same = own.every(({ expected, shown }) => JSON.stringify(expected) === JSON.stringify(shown));
  return {
    row,
    title: about,
    passed: error === undefined && own.length > 0 && same,
    seconds: tenths(duration),
    done: actions(steps),
    evidence: own,
    error: error?.message,
  };
}

/** What was done, in words: the outermost named steps, without the checks. */
function actions(steps: readonly TestStep[]): string[] {
  return steps.flatMap((step) => {
    if (step.category !== 'test.step') return actions(step.steps);
    return step.title.startsWith('確認') ? [] : [step.title];
  });
}

/** Each piece of evidence is followed by its picture. */
function evidenceOf({ attachments }: TestResult): Shown[] {
  return attachments.flatMap(({ name, body }, index) => {
    if (name !== 'evidence' || !body) return [];
    const next = attachments[index + 1];
    const picture = next?.name === 'evidence-picture' ? next.body?.toString('base64') : undefined;
    return [{ ...(JSON.parse(body.toString('utf8')) as Evidence), picture }];
  });
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function lines(texts: readonly string[]): string {
  return texts.length === 0
    ? '<p class="none">（表示なし）</p>'
    : texts.map((text) => `<p>${escapeHtml(text)}</p>`).join('');
}

function verdict(passed: boolean): string {
  return passed ? '<span class="ok">合格</span>' : '<span class="ng">不合格</span>';
}

function evidenceHtml({ caption, expected, shown, picture }: Shown): string {
  const same = JSON.stringify(expected) === JSON.stringify(shown);
  const image =
    picture === undefined
      ? ''
      : `<img src="data:image/jpeg;base64,${picture}" alt="${escapeHtml(caption)}の画面" loading="lazy">`;
  return `<tr><td class="lines"><h4>${escapeHtml(caption)}</h4>${lines(expected)}</td>
<td class="lines"><h4>${verdict(same)}</h4>${lines(shown)}</td><td>${image}</td></tr>`;
}

function scenarioHtml({ row, title, passed, seconds, done, evidence, error }: Scenario): string {
  const steps = done.map((step) => `<li>${escapeHtml(step)}</li>`).join('');
  const problem = error === undefined ? '' : `<pre>${escapeHtml(stripColours(error))}</pre>`;
  const table =
    evidence.length === 0
      ? ''
      : `<table><thead><tr><th>期待した表示</th><th>実際の表示</th><th>画面</th></tr></thead>
<tbody>${evidence.map(evidenceHtml).join('')}</tbody></table>`;
  return `<article${row === undefined ? '' : ` id="${row}"`}><h3>${row === undefined ? '' : `<b>${row}</b> `}${escapeHtml(title)}
${verdict(passed)} <small>${seconds} 秒</small></h3>
${steps === '' ? '' : `<h4>実施した操作</h4><ol>${steps}</ol>`}${problem}${table}</article>`;
}

/** Removes the terminal colours from Playwright's messages. */
function stripColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
  return text.replace(/\u001b\[[\d;]*m/g, '').slice(0, 4_000);
}

function summaryRow(row: string, scenarios: readonly Scenario[]): string {
  if (scenarios.length === 0) return `<tr><th>${row}</th><td>–</td><td class="none">シナリオなし</td></tr>`;
  const titles = scenarios.map(({ title }) => escapeHtml(title)).join('<br>');
  return `<tr><th><a href="#${row}">${row}</a></th><td>${titles}</td><td>${verdict(scenarios.every(({ passed }) => passed))}</td></tr>`;
}

function page(scenarios: readonly Scenario[], environment: string): string {
  const of = (row: string) => scenarios.filter((scenario) => scenario.row === row);
  const others = scenarios.filter(({ row }) => row === undefined);
  const failed = scenarios.filter(({ passed }) => !passed).length;
  const when = new Date().toLocaleString('ja-JP', { timeZone: 'Asia/Tokyo', dateStyle: 'long', timeStyle: 'short' });
  return `<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Argus QAレポート</title><style>${style}</style></head><body>
<header><h1>Argus QAレポート</h1><p>${when}（日本時間） / ${escapeHtml(environment)} / ${scenarios.length}シナリオ</p>
<p class="total">${scenarios.length - failed} 件合格、${failed} 件不合格 ${verdict(failed === 0 && scenarios.length > 0)}</p></header>
<h2>エラー一覧表の行ごとの結果</h2>
<table class="summary"><thead><tr><th>行</th><th>シナリオ</th><th>結果</th></tr></thead>
<tbody>${rows.map((row) => summaryRow(row, of(row))).join('')}</tbody></table>
<h2>行ごとの詳細</h2>${rows.flatMap(of).map(scenarioHtml).join('')}
<h2>そのほかのシナリオ</h2>${others.map(scenarioHtml).join('')}
</body></html>
`;
}

const style = `
:root { font: 15px/1.7 "Hiragino Sans", "Yu Gothic UI", "Noto Sans CJK JP", "Noto Sans JP", sans-serif; color: #181818; }
body { max-width: 1280px; margin: 0 auto; padding: 24px; background: #f3f3f3; }
header, article, .summary { background: #fff; border: 1px solid #c9c9c9; border-radius: 6px; }
header, article { padding: 16px 20px; margin-bottom: 16px; }
h1 { margin: 0; font-size: 1.6rem; } h2 { margin: 32px 0 12px; font-size: 1.25rem; }
h3 { margin: 0 0 8px; font-size: 1.05rem; } h3 small { color: #5c5c5c; font-weight: normal; } h4 { margin: 8px 0 4px; font-size: .9rem; }
table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #dcdcdc; padding: 6px 10px; text-align: start; vertical-align: top; }
thead th { background: #f3f3f3; } .summary th:first-child { width: 7em; } .summary td:last-child { width: 7em; }
article table { table-layout: fixed; } article th:nth-child(3) { width: 44%; }
td p { margin: 0; } .lines p { overflow-wrap: anywhere; } ol { margin: 0 0 8px; padding-inline-start: 1.6em; }
img { width: 100%; border: 1px solid #c9c9c9; display: block; }
pre { background: #fef1ee; padding: 8px 12px; overflow: auto; white-space: pre-wrap; }
.ok, .ng { border-radius: 999px; padding: 1px 10px; font-size: .8rem; font-weight: bold; white-space: nowrap; }
.ok { background: #cdefc4; color: #194e31; } .ng { background: #ba0517; color: #fff; } .none { color: #5c5c5c; }
.total { font-size: 1.1rem; font-weight: bold; margin: 4px 0 0; } header p { margin: 4px 0 0; }
@media print { article { break-inside: avoid; } body { background: #fff; } }
`;
