// Preloaded into third-party servers. Binds them to the loopback interface, sends their port to the parent process, and cuts
// their connections on a message from it.
import { Server } from 'node:net';

const sockets = new Set();
const { listen } = Server.prototype;

Server.prototype.listen = function (first, ...rest) {
  const port = typeof first === 'object' && first !== null ? first.port : first;
  // Named pipes and file handles are not connections from outside.
  if (Number.isNaN(Number(port ?? NaN))) return listen.call(this, first, ...rest);
  this.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // A server that only probes whether a port is free is closed immediately.
  this.on('listening', () =>
    setImmediate(() => {
      if (this.listening) process.send?.({ port: this.address().port });
    }),
  );
  const callback = rest.find((argument) => typeof argument === 'function');
  return listen.call(this, { port: Number(port), host: '127.0.0.1' }, callback);
};

process.on('message', () => {
  for (const socket of sockets) socket.resetAndDestroy();
});
process.on('disconnect', () => process.exit());
