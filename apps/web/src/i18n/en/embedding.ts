import type { embedding as japanese } from '../ja/embedding.ts';

export const embedding: typeof japanese = {
  title: 'Embedding',
  note: 'Shows New mail on a page of Salesforce or of your intranet.',
  frameTitle: 'New mail',
  origins: 'Sites that may show it',
  nowhere: 'No other site can show it: none is allowed yet.',
  howToAllow:
    'Allowed sites are set in the environment of Argus, separated by blanks. A change takes effect when Argus is restarted.',
  exampleOrigin: 'https://example.lightning.force.com',
  salesforceOrigins:
    'For Salesforce: Lightning Experience is https://(My Domain).lightning.force.com, Visualforce is https://(My Domain)--c.vf.force.com. A Visualforce page inside Lightning needs both.',
  needsHttps:
    'The address of this Argus is not https, so nobody can sign in inside another site. Set ARGUS_PUBLIC_URL to an https address.',
  snippets: 'What to paste',
  address: 'Address of the portlet',
  places: {
    iframe: { title: 'An HTML page, such as your intranet', steps: ['Paste this into the HTML of the page.'] },
    lightning: {
      title: 'Salesforce Lightning',
      steps: [
        'In Setup, add the address of this Argus under Trusted URLs and select the CSP directive frame-src.',
        'Create a Lightning web component and paste this into its HTML file.',
        'Place the component on a page in Lightning App Builder.',
      ],
    },
    visualforce: {
      title: 'A Visualforce page',
      steps: [
        'Create a Visualforce page and paste this.',
        'To use it in Lightning, select “Available for Lightning Experience, Experience Builder sites, and the mobile app” for the page.',
      ],
    },
  },
  preview: 'Preview',
  previewNote: 'The real portlet, for your own account.',
  showPreview: 'Show the preview',
  refused: 'What a site that is not allowed shows',
  refusedText:
    'There the browser does not show the portlet but a grey page, such as “refused to connect”. Argus records no error. Check that:',
  refusedChecks: [
    'the origin of that page (from https:// to the host name) is listed above, exactly as it is;',
    'where the page is itself shown inside another, the origins of all outer pages are listed, too;',
    'Argus was restarted after the environment was changed;',
    'the address of this Argus is an active Trusted URL in Salesforce.',
  ],
};
