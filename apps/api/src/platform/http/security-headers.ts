import fp from 'fastify-plugin';
import helmet, { type HelmetOptions } from 'helmet';
import type { Services } from '../services.ts';

/** The page that other sites may embed, if the configuration lists them. */
export const embeddablePath = '/portlet';

/** The pages of an embedded portlet's pop-up: start, confirmation, callback, outcome. */
const popupPaths = /^\/(services\/auth|authorization\/(confirm|outcome))/;

/** What helmet sets: the same for every request, so it is asked once. */
function headersBy(options: HelmetOptions): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const [request, response] = [
    {},
    {
      setHeader: (name: string, value: string) => {
        headers[name.toLowerCase()] = value;
      },
      removeHeader: () => {},
    },
  ] as unknown as Parameters<ReturnType<typeof helmet>>;
  helmet(options)(request, response, (error) => {
    if (error) throw error;
  });
  return headers;
}

/** Response headers that confine our pages. Only the portlet page may be framed, and only by the listed origins. */
export const securityHeaders = fp<Services>(async (app, { config }) => {
  const embeddable = config.frameAncestors.length > 0;
  const https = config.http.publicUrl.startsWith('https://');
  const headers = headersBy({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        // 埋め込み previews the portlet.
        frameSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // The pop-up of the authorization flow must stay visible to the window that opened it.
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
    hsts: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  });
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
  const ancestors = ["'self'", ...config.frameAncestors].join(' ');
  app.addHook('onSend', async (request, reply) => {
    const path = request.url.split('?', 1)[0];
    if (path === embeddablePath) {
      const policy = String(reply.getHeader('content-security-policy') ?? '');
      reply.header('content-security-policy', policy.replace("frame-ancestors 'none'", `frame-ancestors ${ancestors}`));
      reply.removeHeader('x-frame-options');
    }
    // The pop-up keeps the embedding page's opener policy: any other would separate the two before Microsoft's pages do.
    if (embeddable && popupPaths.test(request.url)) reply.header('cross-origin-opener-policy', 'unsafe-none');
    if (path?.startsWith('/api/') && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
});
