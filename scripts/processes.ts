export * from '../cli/dev/local-server/processes.ts';
