export * from '../cli/dev/local-server/process-group.ts';
