import { demoApp, demoTenant } from '@argus/fake-microsoft/data/demo-company';
import { beforeEach, describe, expect, it } from 'vitest';
import { providerOf } from '../support/build-app.ts';
import { saveSettings } from '../support/misconfigure.ts';
import { admin, argus, stageLinkedTaro } from '../support/stage-argus.ts';

stageLinkedTaro();

const evilTenant = '11111111-2222-4333-8444-555555555555';

/** The provider in use; `save` changes it. */
async function inUse() {
  const provider = (await admin.call('GET /api/admin/auth-providers')).items.find((each) => each.inUse);
  if (!provider) throw new Error('no provider');
  return provider;
}

async function save(change: Partial<ReturnType<typeof providerOf>>): Promise<void> {
  const { id, version } = await inUse();
  await admin.proveSelf();
  const body = { ...providerOf(argus.fake), ...change, version };
  await admin.call('PUT /api/admin/auth-providers/:id', { params: { id }, body });
}

const moves = async () => (await admin.call('GET /api/admin/notices')).items.flatMap(({ moved }) => moved ?? []);
const endpointsAt = (place: string) => ({
  authorizeEndpointUrl: `${place}/oauth2/v2.0/authorize`,
  tokenEndpointUrl: `${place}/oauth2/v2.0/token`,
});

/** As if everything so far had happened more than a week ago. */
async function forgetMoves(): Promise<void> {
  await argus.services.db.$executeRaw`UPDATE "AuditEvent" SET "occurredAt" = "occurredAt" - interval '8 days'`;
}

describe('S-2: what administrators are told of a move', () => {
  beforeEach(async () => {
    await argus.services.db.auditEvent.create({ data: { action: 'authorization_granted', details: {} } });
    await forgetMoves();
  });

  it('S-2: names the tenant at both ends, and calls nothing back that went to another tenant by way of another site', async () => {
    const place = `${argus.fake.loginUrl}/${demoTenant.id}`;
    await save(endpointsAt('https://login.evil.example/x'));
    await save(endpointsAt(`${argus.fake.loginUrl}/${evilTenant}`));
    const to = `${argus.fake.loginUrl}/${evilTenant}`;
    const told = await moves();
    expect(told).toHaveLength(2);
    for (const moved of told) expect(moved).toMatchObject({ from: place, to, times: 2 });
    await save({});
    for (const moved of await moves()) expect(moved).toMatchObject({ from: place, to: place, times: 3 });
  });

  it('S-2: tells two providers of one name apart by tenant, token endpoint and app', async () => {
    const place = `${argus.fake.loginUrl}/${demoTenant.id}`;
    const former = `Microsoft 365 (${place}, ${demoApp.clientId})`;
    const { id } = await inUse();
    await admin.proveSelf();
    const { consumerSecret: _, ...form } = providerOf(argus.fake);
    const decoy = { ...form, tokenEndpointUrl: 'https://login.evil.example/x/token', consumerKey: evilTenant };
    await admin.call('POST /api/admin/auth-providers', { body: { ...decoy, urlSuffix: 'Decoy' } });
    await saveSettings(argus, admin, { authProviderUrlSuffix: 'Decoy' });
    const to = `Microsoft 365 (${place}, https://login.evil.example/x, ${evilTenant})`;
    expect(await moves()).toMatchObject([{ action: 'auth_provider_switched', from: former, to }]);
    await saveSettings(argus, admin, { authProviderUrlSuffix: form.urlSuffix });
    expect(await moves()).toMatchObject([{ from: former, to: former, times: 2 }]);
    expect((await inUse()).id).toBe(id);
  });

  it('S-2: tells of another app of the provider in use', async () => {
    const place = `${argus.fake.loginUrl}/${demoTenant.id}`;
    await save({ consumerKey: evilTenant });
    expect(await moves()).toMatchObject([
      {
        action: 'auth_provider_switched',
        from: `Microsoft 365 (${place}, ${demoApp.clientId})`,
        to: `Microsoft 365 (${place}, ${evilTenant})`,
      },
    ]);
    await save({});
  });
});
