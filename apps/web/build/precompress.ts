import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
const isText = /\.(js|css|svg|html|json)$/;
/** Less hardly becomes smaller. Bytes. */
const least = 1024;

/** Writes a .br and a .gz beside each text of the build: the server sends what the browser accepts, and compresses nothing itself. */
export function precompress(): Plugin {
  return {
    name: 'argus-precompress',
    apply: 'build',
    async writeBundle({ dir = '.' }, bundle) {
      await Promise.all(
        Object.keys(bundle)
          .filter((name) => isText.test(name))
          .map(async (name) => {
            const file = join(dir, name);
            const bytes = await readFile(file);
            if (bytes.length < least) return;
            await writeFile(
              `${file}.br`,
              await brotli(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
            );
            await writeFile(`${file}.gz`, await zip(bytes, { level: 9 }));
          }),
      );
    },
  };
}
