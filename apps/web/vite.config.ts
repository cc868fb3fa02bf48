import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './build/precompress.ts';
import { sldsCss } from './build/slds-css.ts';
import { sldsIcons } from './build/slds-icons.ts';
import { iconNames } from './src/ui/icon-names.ts';

const api = 'http://localhost:3650';

export default defineConfig({
  plugins: [react(), sldsCss(), sldsIcons(iconNames, 'src/ui/icon-names.ts'), precompress()],
  server: { port: 3655, strictPort: true, proxy: { '/api': api, '/services': api } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The first versions with everything the sources use as it is (popover, :dir and the like): nothing is translated down.
    target: ['chrome123', 'edge123', 'firefox125', 'safari17.5'],
    // Every asset keeps its own hashed address: the pages' Content-Security-Policy allows no data: scripts or styles.
    assetsInlineLimit: 0,
    // The polyfill would be an extra script; every browser that we support preloads modules.
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { index: 'index.html', portlet: 'portlet.html' } },
  },
});
