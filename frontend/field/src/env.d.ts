/// <reference types="vite/client" />

/** The version of the package that the app came with. */
declare const __APP_VERSION__: string;
