import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventsController } from './events.controller';
import { McpModule } from './mcp.module';

@Module({
  imports: [McpModule.forRoot(process.env['MCP_URL'] ?? 'http://127.0.0.1:3000/mcp')],
  controllers: [EventsController],
})
class AppModule {}

// Without forceCloseConnections, closing waits for the keep-alive connections of browsers.
const app = await NestFactory.create(AppModule, { forceCloseConnections: true, logger: ['error', 'warn'] });
app.enableShutdownHooks(); // SIGTERM also ends the session on the MCP server
await app.listen(process.env['PORT'] ?? 8080, '127.0.0.1');
console.log(await app.getUrl());
