import type { ReplyOf } from '@argus/contract/endpoint-map';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useText } from '../../i18n/text-context.tsx';
import { pages } from '../../pages.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DataText } from '../../ui/data-text.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { QueryPage } from '../../ui/query-page.tsx';
import { ScopedNotification } from '../../ui/scoped-notification.tsx';
import '../../styles/embedding.css';
import { embeddingQuery } from './queries.ts';
import { places, snippetFor } from './snippets.ts';

type Embedding = ReplyOf<'GET /api/admin/embedding'>;

/** 埋め込み: what to paste where, which sites may show the portlet, how it looks, and what a refused site shows. */
export function EmbeddingView() {
  const words = useText('embedding');
  const embedding = useQuery(embeddingQuery);
  return (
    <>
      <PageHeader title={words.title} icon={pages.embedding.icon} note={words.note} />
      <QueryPage query={embedding}>
        {(data) => (
          <>
            <Origins embedding={data} />
            <Snippets embedding={data} />
            <Preview embedding={data} />
          </>
        )}
      </QueryPage>
    </>
  );
}

function Origins({ embedding: { portletUrl, origins } }: { embedding: Embedding }) {
  const words = useText('embedding');
  return (
    <Section id="origins" title={words.origins}>
      {origins.length === 0 ? (
        <ScopedNotification kind="warning">{words.nowhere}</ScopedNotification>
      ) : (
        <ul className="argus-embedding__origins">
          {origins.map((origin) => (
            <li key={origin}>
              <DataText text={origin} />
            </li>
          ))}
        </ul>
      )}
      <p>{words.howToAllow}</p>
      <Code
        text={`ARGUS_FRAME_ANCESTORS="${[...origins, words.exampleOrigin].slice(0, Math.max(1, origins.length)).join(' ')}"`}
      />
      <p className="argus-quiet">{words.salesforceOrigins}</p>
      {portletUrl.startsWith('https://') ? null : (
        <ScopedNotification kind="warning">{words.needsHttps}</ScopedNotification>
      )}
    </Section>
  );
}

function Snippets({ embedding: { portletUrl } }: { embedding: Embedding }) {
  const words = useText('embedding');
  return (
    <Section id="snippets" title={words.snippets}>
      <p>{words.address}</p>
      <Code text={portletUrl} />
      {places.map((place) => (
        <div key={place} className="argus-embedding__place">
          <h3 className="argus-strong">{words.places[place].title}</h3>
          <ol className="argus-embedding__steps">
            {words.places[place].steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <Code text={snippetFor(place, portletUrl, words.frameTitle)} />
        </div>
      ))}
    </Section>
  );
}

/** The portlet itself, framed by this very page; on demand, as it asks Microsoft 365 for the viewer's mail. */
function Preview({ embedding: { portletUrl } }: { embedding: Embedding }) {
  const words = useText('embedding');
  const [shown, setShown] = useState(false);
  return (
    <Section id="preview" title={words.preview}>
      <p>{words.previewNote}</p>
      {shown ? (
        <iframe className="argus-embedding__frame" src={new URL(portletUrl).pathname} title={words.frameTitle} />
      ) : (
        <Button onClick={() => setShown(true)}>{words.showPreview}</Button>
      )}
      <h3 className="argus-strong">{words.refused}</h3>
      <p>{words.refusedText}</p>
      <ul className="argus-embedding__steps">
        {words.refusedChecks.map((check) => (
          <li key={check}>{check}</li>
        ))}
      </ul>
    </Section>
  );
}

function Code({ text }: { text: string }) {
  return (
    <div className="argus-embedding__code">
      <pre>{text}</pre>
      <CopyButton text={text} />
    </div>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className="argus-sheet argus-sheet_padded" aria-labelledby={`embedding-${id}`}>
      <h2 id={`embedding-${id}`} className="argus-sheet__title">
        {title}
      </h2>
      <div className="argus-prose">{children}</div>
    </section>
  );
}
