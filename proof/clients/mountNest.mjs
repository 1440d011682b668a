import 'reflect-metadata';
import { All, Controller, Module, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

/** Serves a Node handler with a controller of NestJS, on a free port. Resolves with its URL and a function that ends it. */
export async function mountNest(handle) {
  class McpController {
    all(request, response) {
      return handle(request, response, request.body);
    }
  }
  const { prototype } = McpController;
  // Node does not have the syntax of decorators.
  Controller('mcp')(McpController);
  All()(prototype, 'all', Object.getOwnPropertyDescriptor(prototype, 'all'));
  Req()(prototype, 'all', 0);
  Res()(prototype, 'all', 1);

  class AppModule {}
  Module({ controllers: [McpController] })(AppModule);
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  return { url: `${await app.getUrl()}/mcp`, close: () => app.close() };
}
