import { serveHelloBeside } from './support/serve-hello-beside.ts';

serveHelloBeside(0);
