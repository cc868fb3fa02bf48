import type { Browser, TestArgus } from './build-app.ts';
import { providerOf, settingsOf } from './build-app.ts';

/** Saves 基本設定 as they fit the fake, but for this. */
export async function saveSettings(argus: TestArgus, admin: Browser, change: Record<string, unknown>): Promise<void> {
  const { version } = await admin.call('GET /api/admin/settings');
  await admin.call('PUT /api/admin/settings', { body: { ...settingsOf(argus.fake), ...change, version } });
}

/** Changes Argus as an administrator does: each call sets what is named and puts everything else right. */
export function misconfigure(argus: TestArgus, admin: Browser) {
  const changes = {
    async settings(change: Record<string, unknown>) {
      await admin.proveSelf();
      await saveSettings(argus, admin, change);
    },
    async provider(change: Record<string, unknown>) {
      await admin.proveSelf();
      const { items } = await admin.call('GET /api/admin/auth-providers');
      const provider = items.find((item) => item.urlSuffix === providerOf(argus.fake).urlSuffix);
      if (!provider) throw new Error('no provider');
      await admin.call('PUT /api/admin/auth-providers/:id', {
        params: { id: provider.id },
        body: { ...providerOf(argus.fake), ...change, version: provider.version },
      });
    },
    async site(name: string, active: boolean) {
      const { items } = await admin.call('GET /api/admin/remote-sites');
      const site = items.find((item) => item.name === name);
      if (!site) throw new Error(`no site ${name}`);
      const { url, disableProtocolSecurity, description, version } = site;
      await admin.call('PUT /api/admin/remote-sites/:id', {
        params: { id: site.id },
        body: { name, url, disableProtocolSecurity, description, active, version },
      });
    },
    /** Registers a site at which nothing answers, and returns its origin. */
    async closedSite(): Promise<string> {
      const url = await argus.fake.control.closedPortUrl();
      await admin.call('POST /api/admin/remote-sites', {
        body: { name: `closed ${url}`, url, disableProtocolSecurity: true, active: true, description: '' },
      });
      return url;
    },
    /** Restores everything. */
    async restore() {
      const { items } = await admin.call('GET /api/admin/remote-sites');
      for (const site of items.filter((item) => !item.active)) await changes.site(site.name, true);
      await changes.settings({});
      await changes.provider({});
    },
  };
  return changes;
}
