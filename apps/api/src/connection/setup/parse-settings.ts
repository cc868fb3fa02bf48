import type { SettingsView } from '@argus/contract/endpoints/connection/setup';
import { isUrlSuffix } from '@argus/contract/url-suffix';
import { type Form, readForm } from '../../platform/http/read-form.ts';
import type { SettingsChange } from '../records/settings.ts';

type SettingsFields = Pick<SettingsView, Exclude<keyof SettingsChange, 'signInHelp'>> &
  Partial<Pick<SettingsView, 'signInHelp'>>;

const timeoutSeconds = { min: 1, max: 120 };

/** @throws AppError request_invalid, which names every invalid field */
export function parseSettings(body: SettingsFields): SettingsChange {
  return readForm((form) => {
    const connectTimeoutSeconds = form.integer('connectTimeoutSeconds', body.connectTimeoutSeconds, timeoutSeconds);
    const totalTimeoutSeconds = form.integer('totalTimeoutSeconds', body.totalTimeoutSeconds, timeoutSeconds);
    if (connectTimeoutSeconds > totalTimeoutSeconds) form.refuse('connectTimeoutSeconds', 'timeout_order');
    return {
      mailUrl: form.url('mailUrl', body.mailUrl)?.url ?? '',
      authProviderUrlSuffix: parseUrlSuffix(form, 'authProviderUrlSuffix', body.authProviderUrlSuffix) ?? '',
      mailCount: form.integer('mailCount', body.mailCount, { min: 1, max: 50 }),
      unreadOnly: body.unreadOnly,
      previewEnabled: body.previewEnabled,
      refreshIntervalSeconds: form.integer('refreshIntervalSeconds', body.refreshIntervalSeconds, {
        min: 30,
        max: 3600,
        also: 0,
      }),
      connectTimeoutSeconds,
      totalTimeoutSeconds,
      errorRetentionDays: form.integer('errorRetentionDays', body.errorRetentionDays, { min: 1, max: 3650 }),
      ...(body.signInHelp === undefined ? {} : { signInHelp: form.optionalText('signInHelp', body.signInHelp) ?? '' }),
      noSuccessHours: form.integer('noSuccessHours', body.noSuccessHours, { min: 1, max: 720, also: 0 }),
    };
  });
}

/** A URL suffix by Salesforce's developer-name rules; null where it is empty. */
export function parseUrlSuffix(form: Form, field: string, text: string): string | null {
  const suffix = form.optionalText(field, text);
  if (suffix !== null && !isUrlSuffix(suffix)) {
    form.refuse(field, 'suffix_malformed');
  }
  return suffix;
}
