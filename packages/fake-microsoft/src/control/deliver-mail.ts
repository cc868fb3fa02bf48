import type { DirectoryUser } from '../data/demo-company.ts';
import { makeLiveMail } from '../data/live-mail.ts';
import { type MailDraft, makeMailItem } from '../data/mail-item.ts';
import type { World } from '../world.ts';

const largestMailbox = 500;

/** Puts a mail into a user's mailbox. @returns its Graph id */
export function deliverMail(world: World, user: DirectoryUser, draft: MailDraft, live = false): string {
  const { mailboxes, mailCounters } = world.state;
  const number = (mailCounters[user.oid] ?? 0) + 1;
  mailCounters[user.oid] = number;
  const item = { ...makeMailItem(user, number, draft, world.now()), ...(live ? { live: true } : {}) };
  const box = mailboxes[user.oid] ?? [];
  box.push(item);
  mailboxes[user.oid] = box;
  if (box.length > largestMailbox) {
    const oldestLive = box.findIndex((entry) => entry.live === true);
    if (oldestLive >= 0) box.splice(oldestLive, 1);
  }
  world.changed();
  return item.message.id;
}

/**
 * Delivers one new mail to every mailbox, repeatedly.
 * @returns a function that stops it
 */
export function startLiveMail(world: World, everySeconds: number): () => void {
  const timer = setInterval(() => {
    world.state.liveSequence += 1;
    for (const user of world.state.users) {
      if (user.hasMailbox && user.accountEnabled)
        deliverMail(world, user, makeLiveMail(user, world.state.liveSequence), true);
    }
  }, everySeconds * 1000).unref();
  return () => clearInterval(timer);
}
