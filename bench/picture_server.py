"""A loopback server of pictures for measuring the downloader: 50 ms before each answer, 2 % cut connections, 3 % 503.

  python3 bench/picture_server.py urls.txt --pictures 10000 &
  creatordex --data FOLDER images fetch urls.txt --concurrency 256 --per-host 256 --allow-http --port 18200 --allow-network 127.77.0.1/32

Writes the list, then serves from as many processes as there are cores, for one is slower than the downloader.
"""
import argparse
import asyncio
import os
import random

HEAD = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")


def picture(number):
    return HEAD + number.to_bytes(8, "big") + bytes(12000 + number % 97 * 100)


async def answer(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            number = int(head.split(b" ")[1].rsplit(b"/", 1)[-1].split(b".")[0])
            await asyncio.sleep(0.05)
            luck = random.random()
            if luck < 0.02:
                break
            if luck < 0.05:
                writer.write(b"HTTP/1.1 503 busy\r\nContent-Length: 0\r\n\r\n")
            else:
                body = picture(number)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def serve(address, port):
    server = await asyncio.start_server(answer, address, port, reuse_port=True, backlog=1024)
    await server.serve_forever()


def main():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("list", help="file to write the addresses to")
    asked.add_argument("--pictures", type=int, default=10_000)
    asked.add_argument("--address", default="127.77.0.1")
    asked.add_argument("--port", type=int, default=18200)
    asked = asked.parse_args()
    with open(asked.list, "w") as out:
        out.writelines(f"http://{asked.address}:{asked.port}/{i}.jpg\n" for i in range(asked.pictures))
    for worker in range(1, os.cpu_count() or 1):
        if os.fork() == 0:
            random.seed(worker)
            break
    asyncio.run(serve(asked.address, asked.port))


if __name__ == "__main__":
    main()
