import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { firstView } from './build/first-view.ts';
import { precompress } from './build/precompress.ts';
import { sldsCss } from './build/slds-css.ts';
import { sldsIcons } from './build/slds-icons.ts';
import { iconNames } from './src/ui/icon-names.ts';

// The portlet is shown to everybody, often in a frame beside much else: its page must be light.
const portlet = firstView({
  page: 'portlet.html',
  entry: 'src/portlet.tsx',
  early: 'src/portlet-early.ts',
  preload: 'src/i18n/ja/portlet.ts',
});

const api = 'http://localhost:3650';

export default defineConfig({
  plugins: [
    react(),
    sldsCss(),
    sldsIcons(iconNames, 'src/ui/icon-names.ts', { namedIn: 'src/pages.ts', shownWith: 'src/app/router.tsx' }),
    portlet.plugin,
    precompress(),
  ],
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
    rolldownOptions: {
      input: { index: 'index.html', portlet: 'portlet.html' },
      output: {
        codeSplitting: {
          groups: [{ name: 'first-view', test: portlet.has, includeDependenciesRecursively: false }],
        },
      },
    },
  },
});
