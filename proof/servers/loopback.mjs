// Preloaded into servers that others wrote: binds them to the loopback interface, sends their port to the parent process, and
// cuts their connections on a message from it.
import { Server } from 'node:net';

const sockets = new Set();
const { listen } = Server.prototype;

Server.prototype.listen = function (port, ...rest) {
  this.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  this.on('listening', () => process.send?.({ port: this.address().port }));
  const callback = rest.find((argument) => typeof argument === 'function');
  return listen.call(this, { port: Number(port), host: '127.0.0.1' }, callback);
};

process.on('message', () => {
  for (const socket of sockets) socket.resetAndDestroy();
});
process.on('disconnect', () => process.exit());
