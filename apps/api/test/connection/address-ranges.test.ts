import { describe, expect, test } from 'vitest';
import { plainSite as site, stageEmptySetup } from '../support/empty-setup.ts';
import { fieldsOf, warningsOf } from '../support/fields-of.ts';
import { admin, argus } from '../support/stage-argus.ts';

stageEmptySetup();

describe('許可するアドレス範囲', () => {
  const create = (change: Partial<typeof site> & { allowedAddressRanges?: string } = {}) =>
    admin.call('POST /api/admin/remote-sites', { body: { ...site, ...change } });

  test('ops T31: a site has none, unless somebody enters them', async () => {
    expect(await create()).toMatchObject({ allowedAddressRanges: '' });
  });

  test('ops T31: ranges are stored in CIDR form, each once and on its own line', async () => {
    const typed = ' 10.1.2.3/16, 100.64.0.0/10\n\n10.1.0.0/16　FD12::5、198.18.0.1 ';
    expect(await create({ allowedAddressRanges: typed })).toMatchObject({
      allowedAddressRanges: '10.1.0.0/16\n100.64.0.0/10\nfd12::5/128\n198.18.0.1/32',
    });
  });

  test.each([
    ['10.0.0.0/40', 'address_range_malformed'],
    ['gateway.example', 'address_range_malformed'],
    ['20.47.96.0/24', 'address_range_public'],
    ['64:ff9b::/96', 'address_range_public'],
    ['0.0.0.0/0', 'address_range_closed'],
    ['127.0.0.0/8', 'address_range_closed'],
    ['169.254.169.254', 'address_range_closed'],
    ['fd00:ec2::254', 'address_range_closed'],
  ])('ops T31: %s is refused at the field, named, and nothing is made', async (range, code) => {
    const body = { ...site, allowedAddressRanges: `10.1.0.0/16\n${range}` };
    const problem = await admin.fails('POST /api/admin/remote-sites', { body });
    expect(fieldsOf(problem)).toEqual([['allowedAddressRanges', code]]);
    expect(problem.fields?.[0]?.message).toContain(`「${range}」`);
    expect(await argus.database.prisma.remoteSite.count()).toBe(0);
  });

  test('ops T31: a change is audited, and a form that does not know the ranges leaves them', async () => {
    const created = await create({ allowedAddressRanges: '10.1.0.0/16' });
    const params = { id: created.id };
    const off = await admin.call('PUT /api/admin/remote-sites/:id', {
      params,
      body: { ...site, active: false, version: created.version },
    });
    expect(off).toMatchObject({ active: false, allowedAddressRanges: '10.1.0.0/16' });
    const body = { ...site, active: false, allowedAddressRanges: '10.2.0.0/16 10.3.0.0/16', version: off.version };
    const moved = await admin.call('PUT /api/admin/remote-sites/:id', { params, body });
    const emptied = { ...body, allowedAddressRanges: '', version: moved.version };
    expect(await admin.call('PUT /api/admin/remote-sites/:id', { params, body: emptied })).toMatchObject({
      allowedAddressRanges: '',
    });
    const { items } = await admin.call('GET /api/admin/audit-events');
    const field = 'allowedAddressRanges';
    expect(items.map(({ changes }) => changes)).toEqual([
      [{ field, from: '10.2.0.0/16\n10.3.0.0/16', to: '' }],
      [{ field, from: '10.1.0.0/16', to: '10.2.0.0/16\n10.3.0.0/16' }],
      [{ field: 'active', from: 'true', to: 'false' }],
      [
        { field: 'url', from: null, to: 'https://graph.example' },
        { field, from: null, to: '10.1.0.0/16' },
      ],
    ]);
  });

  test('ops T31: an address in a URL is covered, and may be called, only within the ranges of its own site', async () => {
    const url = 'https://10.1.2.3';
    const created = await create({ url });
    const covered = async () => {
      const body = { urls: [{ field: 'url', url }] };
      const { coverage } = await admin.call('POST /api/admin/covered-origins', { body });
      return [coverage[0]?.status, (await argus.services.egress.check(url)).allowed];
    };
    expect(warningsOf(created)).toEqual([['url', 'origin_address_denied']]);
    expect(await covered()).toEqual(['address_denied', false]);
    await create({ name: 'Other', url: 'https://other.example', allowedAddressRanges: '10.1.0.0/16' });
    expect(await covered()).toEqual(['address_denied', false]);
    const saved = await admin.call('PUT /api/admin/remote-sites/:id', {
      params: { id: created.id },
      body: { ...site, url, allowedAddressRanges: '10.1.2.0/24', version: created.version },
    });
    expect(warningsOf(saved)).toEqual([]);
    expect(await covered()).toEqual(['covered', true]);
  });
});
