import type { CatalogueEntryView } from '@argus/contract/endpoints/triage/dictionary';
import { type DictionaryEntry, errorDictionary } from '@argus/contract/errors/error-dictionary';
import { findErrorId } from '@argus/contract/errors/find-error-id';
import { likeliestFirst } from '@argus/contract/errors/likeliest-first';
import { mendPath } from '@argus/contract/errors/mend-path';
import type { Language } from '@argus/contract/language';
import type { FastifyInstance } from 'fastify';
import { type ErrorEvent, findErrorEvent } from '../../error-log/records/error-events.ts';
import { endpoint } from '../../platform/http/endpoint.ts';
import { AppError } from '../../platform/problems/app-error.ts';
import type { Services } from '../../platform/services.ts';
import { affectedBy, errorEventView } from '../event-view.ts';
import { countByCode } from '../records/error-causes.ts';
import { type PresentNames, readPresentNames } from '../records/present-names.ts';
import { searchCatalogue } from './search.ts';

/** The period that `seen` counts. */
const seenMs = 30 * 24 * 3_600_000;

type SeenByCode = Awaited<ReturnType<typeof countByCode>>;

/** エラー辞典 */
export async function catalogueRoutes(app: FastifyInstance, { db, now }: Services): Promise<void> {
  const countSeen = () => countByCode(db, new Date(now().getTime() - seenMs));

  endpoint(app, 'GET /api/admin/error-catalogue', async ({ query, request: { language } }) => {
    const { q = '', area, mender } = query;
    const errorId = findErrorId(q);
    const [event, seen] = await Promise.all([errorId === undefined ? null : findErrorEvent(db, errorId), countSeen()]);
    const found = searchCatalogue(errorDictionary, q, language);
    const present = await readPresentNames(db, [event]);
    const own = errorDictionary.filter(({ code }) => code === event?.code);
    // The event's own entry is certain; similar ones would mislead.
    // Without a search, what has occurred here comes first.
    const ranked = q.trim() === '' ? mostSeenFirst(found, seen) : found;
    const items = (own.length > 0 ? own : ranked).filter(
      (entry) =>
        (area === undefined || entry.area === area) &&
        (mender === undefined || entry.causes.some(({ menders }) => menders.includes(mender))),
    );
    return {
      // The reasons of an error that occurred, by what was known then.
      items: items.map((entry) => entryView(entry, seen, language, own.length > 0 ? event : null, present)),
      event: event && errorEventView(event, present, language),
      unknownErrorId: errorId !== undefined && event === null && isMeant(q, found) ? errorId : null,
    };
  });

  endpoint(app, 'GET /api/admin/error-catalogue/:code', async ({ params, query, request: { language } }) => {
    const entry = errorDictionary.find(({ code }) => code === params.code);
    if (!entry) throw new AppError('not_found');
    const found = query.errorId === undefined ? null : await findErrorEvent(db, query.errorId);
    const event = found?.code === entry.code ? found : null;
    const present = await readPresentNames(db, [event]);
    return {
      entry: entryView(entry, await countSeen(), language, event, present),
      event: event && errorEventView(event, present, language),
    };
  });
}

function mostSeenFirst(entries: readonly DictionaryEntry[], seen: SeenByCode): readonly DictionaryEntry[] {
  const eventsOf = ({ code }: DictionaryEntry) => seen.get(code)?.events ?? 0;
  return entries.toSorted((a, b) => eventsOf(b) - eventsOf(a));
}

/** Eight letters alone can be an error ID without its hyphen, or a word such as REDIRECT that matches entries. */
function isMeant(query: string, found: readonly DictionaryEntry[]): boolean {
  return found.length === 0 || findErrorId(`${query} .`) !== undefined;
}

function entryView(
  entry: DictionaryEntry,
  seenByCode: SeenByCode,
  language: Language,
  event: ErrorEvent | null,
  present: PresentNames,
): CatalogueEntryView {
  const { code, kind, row, area, stage, status, retry, message, causes, matches } = entry;
  const seen = seenByCode.get(code);
  const account = event && affectedBy(event, present);
  const evidence = { suffix: event?.params.suffix, origin: event?.params.origin, account };
  return {
    code,
    kind,
    row,
    area,
    stage,
    status,
    retry,
    message: [...message[language]],
    causes: likeliestFirst(causes, event?.params.known).map((cause) => ({
      row: cause.row ?? null,
      condition: cause.condition[language],
      place: cause.place?.[language] ?? null,
      remedy: cause.remedy[language],
      mendAt: cause.mendAt ? mendPath(cause.mendAt, evidence) : null,
      menders: [...cause.menders],
    })),
    matches: [...matches],
    seen: seen ? { events: seen.events, users: seen.users, lastAt: seen.lastAt.toISOString() } : null,
  };
}
