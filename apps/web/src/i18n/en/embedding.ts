import type { embedding as japanese } from '../ja/embedding.ts';

export const embedding: typeof japanese = {
  title: 'Embedding',
  note: 'Shows "New mail" on a page in Salesforce or on your intranet.',
  frameTitle: 'New mail',
  origins: 'Sites allowed to show it',
  nowhere: 'No other site can show it, because none is allowed yet.',
  howToAllow:
    'Allowed sites are set in an environment variable of Argus. Separate several sites with spaces. Changes take effect after Argus is restarted.',
  exampleOrigin: 'https://example.lightning.force.com',
  salesforceOrigins:
    'For Salesforce: Lightning Experience is https://(My Domain).lightning.force.com, Visualforce is https://(My Domain)--c.vf.force.com. To show a Visualforce page in Lightning, add both.',
  needsHttps:
    'The address of this Argus is not https, so nobody can sign in when it is embedded in another site. Set ARGUS_PUBLIC_URL to an https address.',
  snippets: 'What to paste',
  address: 'Portlet address',
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
  previewNote: 'Shows the real portlet for your own account.',
  showPreview: 'Show preview',
  refused: 'What users see on a site that is not allowed',
  refusedText:
    'On a site that is not allowed, the browser does not show the portlet. It shows a gray page with a message such as "refused to connect". Argus does not record this as an error. Check that:',
  refusedChecks: [
    'the origin of that page (from https:// to the host name) is listed above and matches exactly;',
    'if that page is itself shown inside another page, the origins of all outer pages are listed too;',
    'Argus was restarted after the environment variable was changed;',
    'the address of this Argus is registered and active under Trusted URLs in Salesforce.',
  ],
};
