import { afterAll, beforeAll } from 'vitest';
import { type Browser, buildArgus, type TestArgus } from './build-app.ts';
import { buildLinkedTaro } from './linked-taro.ts';
import { misconfigure } from './misconfigure.ts';

// What the tests of a file play on: they import it by name, and a stage… function fills it before the first of them. Vitest
// loads this module anew for every test file, so that no file meets what another has put here.
export let argus: TestArgus;
/** From `stageAdmin` on. */
export let admin: Browser;
/** 山田 太郎, from `stageLinkedTaro` on. */
export let user: Browser;
/** From `stageConnected` on. */
export let change: ReturnType<typeof misconfigure>;

type Options = Parameters<typeof buildArgus>[0];

/** Argus for the tests of this file, or of this `describe`; nobody is signed in. */
export function stageArgus(options?: Options): void {
  raise(async () => {
    argus = await buildArgus(options);
  });
}

/** The same with an administrator signed in; nothing is set up. */
export function stageAdmin(options?: Options): void {
  raise(async () => {
    argus = await buildArgus(options);
    admin = await argus.signedIn('admin@argus.example', 'admin');
  });
}

/** The same, which the administrator has connected to the fake. */
export function stageConnected(options?: Options): void {
  raise(async () => {
    argus = await buildArgus(options);
    admin = await argus.connect();
    change = misconfigure(argus, admin);
  });
}

/** The same with 山田 太郎 signed in and linked, and not authorized yet. */
export function stageLinkedTaro(options?: Options): void {
  raise(async () => {
    ({ argus, admin, user, change } = await buildLinkedTaro(options));
  });
}

function raise(build: () => Promise<void>): void {
  beforeAll(build);
  // Where it could not be built there is nothing to close, and why is what the run should tell.
  afterAll(() => argus?.close());
}
