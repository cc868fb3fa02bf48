import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildArgus, type TestArgus } from '../support/build-app.ts';

let argus: TestArgus;
let webRoot: string;
const script = 'console.log("the script of the portlet");\n'.repeat(100);

beforeAll(async () => {
  webRoot = await mkdtemp(join(tmpdir(), 'argus-web-'));
  await mkdir(join(webRoot, 'assets'));
  await writeFile(join(webRoot, 'index.html'), '<title>the SPA</title>');
  await writeFile(join(webRoot, 'portlet.html'), '<title>the portlet</title>');
  await writeFile(join(webRoot, 'portlet.html.br'), brotliCompressSync('<title>the portlet</title>'));
  await writeFile(join(webRoot, 'assets/portlet-1.js'), script);
  await writeFile(join(webRoot, 'assets/portlet-1.js.br'), brotliCompressSync(script));
  argus = await buildArgus({ webRoot });
});
afterAll(async () => {
  await argus?.close();
  await rm(webRoot, { recursive: true, force: true });
});

/** Without fetch, which unpacks a reply before it shows it. */
function get(path: string, acceptEncoding: string): Promise<{ headers: http.IncomingHttpHeaders; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    http
      .get(argus.url + path, { headers: { 'accept-encoding': acceptEncoding } }, (reply) => {
        const parts: Buffer[] = [];
        reply.on('data', (part: Buffer) => parts.push(part));
        reply.on('end', () => resolve({ headers: reply.headers, bytes: Buffer.concat(parts) }));
      })
      .on('error', reject);
  });
}

test.each(['/assets/portlet-1.js', '/portlet'])(
  'F7: %s comes as the build has compressed it, where the browser accepts that, with the same headers',
  async (path) => {
    const packed = await get(path, 'gzip, deflate, br');
    const plain = await get(path, 'identity');
    expect(packed.headers['content-encoding']).toBe('br');
    expect(packed.headers.vary).toMatch(/accept-encoding/i);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.bytes).toEqual(brotliCompressSync(plain.bytes));
    for (const name of ['content-type', 'cache-control', 'content-security-policy', 'x-content-type-options']) {
      expect([name, packed.headers[name]]).toEqual([name, plain.headers[name]]);
    }
  },
);
