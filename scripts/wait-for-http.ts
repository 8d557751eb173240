export * from '../cli/dev/local-server/wait-for-http.ts';
