import { endpointMap } from '@argus/contract/endpoint-map';
import { describe, expect, test } from 'vitest';
import { admin, stageConnected } from '../support/stage-argus.ts';

stageConnected();

describe('numbers', () => {
  const numbers = Object.entries(endpointMap).flatMap(([key, endpoint]) => {
    const query = ('query' in endpoint ? endpoint.query.properties : {}) as Record<string, { type?: string }>;
    return Object.entries(query).flatMap(([name, { type }]) => (type === 'integer' ? [[key, name] as const] : []));
  });
  test.each(numbers)('H04: %s refuses a %s beyond its bounds', async (key, name) => {
    const [method = '', path = ''] = key.split(' ');
    for (const value of ['1e309', '-1e309', '1e300', '-1', '1.5', 'NaN', 'Infinity', '']) {
      const url = `${path.replace(':id', '1')}?${name}=${value}`;
      const { status } = await admin.send(method as 'GET', url);
      // A cursor may lack its counterpart; what matters is that no query causes a server error.
      expect([400, 404], url).toContain(status);
    }
  });

  test.each([2 ** 31, 2 ** 53, 1e300])('H04: a version of %d is refused', async (version) => {
    const before = await admin.call('GET /api/admin/settings');
    const { coverage: _c, warnings: _w, updatedAt: _u, ...settings } = before;
    const body = { ...settings, version };
    const reply = await admin.send('PUT', '/api/admin/settings', { body });
    expect([400, 409]).toContain(reply.status);
  });
});
