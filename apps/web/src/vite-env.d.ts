declare module 'virtual:slds-icons' {
  const url: string;
  // biome-ignore lint/style/noDefaultExport: the form in which Vite's own asset imports are declared
  export default url;
}
