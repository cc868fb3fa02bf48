import { expect, test } from 'vitest';
import { admin, argus, stageAdmin } from '../support/stage-argus.ts';

const origins = ['https://example.lightning.force.com', 'https://example--c.vf.force.com'];

stageAdmin({ config: { frameAncestors: origins } });

test('people 37: administrators see the address of the portlet and the origins that its own header names', async () => {
  const embedding = await admin.call('GET /api/admin/embedding');
  expect(embedding).toEqual({ portletUrl: `${argus.url}/portlet`, origins });
  const { headers } = await admin.send('GET', '/portlet');
  expect(headers.get('content-security-policy')).toContain(`frame-ancestors 'self' ${origins.join(' ')}`);
});
