/** Where the portlet can be put, in the order of the page. */
export const places = ['iframe', 'lightning', 'visualforce'] as const;
export type Place = (typeof places)[number];

/** What is pasted there. The pop-up for authorizing and the copy buttons need no more than this. */
export function snippetFor(place: Place, portletUrl: string, title: string): string {
  const frame = `<iframe src="${portletUrl}" title="${title}" allow="clipboard-write"\n        style="width: 100%; height: 480px; border: 0"></iframe>`;
  switch (place) {
    case 'iframe':
      return frame;
    case 'lightning':
      return `<template>\n    ${frame}\n</template>`;
    case 'visualforce':
      return `<apex:page showHeader="false" standardStylesheets="false">\n    ${frame}\n</apex:page>`;
  }
}
