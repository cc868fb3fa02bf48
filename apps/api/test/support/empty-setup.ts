import { beforeEach } from 'vitest';
import { argus, stageAdmin } from './stage-argus.ts';

/** A name under `.invalid` exists nowhere (RFC 6761). */
export const nowhere = 'https://graph.microsoft.invalid';

/** A remote site as the form sends it. */
export const plainSite = {
  name: 'Graph',
  url: 'https://graph.example',
  disableProtocolSecurity: false,
  active: true,
  description: '',
};

/** An administrator is signed in, and before each test neither provider nor site nor settings are there, nor who made them. */
export function stageEmptySetup(): void {
  stageAdmin();
  beforeEach(async () => {
    const { prisma } = argus.database;
    await prisma.authProvider.deleteMany({});
    await prisma.remoteSite.deleteMany({});
    await prisma.settings.deleteMany({});
    await prisma.auditEvent.deleteMany({});
  });
}
