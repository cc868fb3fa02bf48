declare module 'virtual:slds-main-icons' {
  const sprite: string;
  // biome-ignore lint/style/noDefaultExport: the form in which Vite's own asset imports are declared
  export default sprite;
}

declare module 'virtual:slds-portlet-icons' {
  const sprite: string;
  // biome-ignore lint/style/noDefaultExport: as above
  export default sprite;
}
