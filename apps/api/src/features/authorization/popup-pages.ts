import fp from 'fastify-plugin';
import type { Services } from '../../services.ts';

/** Where the pop-up of an embedded portlet passes through Argus: start, confirmation, callback, outcome. */
const popupPaths = /^\/(services\/auth|authorization\/(confirm|outcome))/;

/**
 * Where other sites may embed the portlet, its pop-up keeps the opener policy of the page that embeds. Any other policy would
 * cut the two apart: the portlet would take the pop-up for closed while its user is still in it.
 * @see https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies
 */
export const popupPages = fp<Services>(async (app, { config }) => {
  if (config.frameAncestors.length === 0) return;
  app.addHook('onSend', async (request, reply) => {
    if (popupPaths.test(request.url)) reply.header('cross-origin-opener-policy', 'unsafe-none');
  });
});
