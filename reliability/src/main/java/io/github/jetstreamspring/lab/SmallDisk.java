/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.lab;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;

/**
 * A disk of a few megabytes, which can be full. It is a file system of its own in memory,
 * so only root can have it, on Linux.
 */
final class SmallDisk implements AutoCloseable {

	private static final int BUFFER = 4096;

	private final Path folder;

	private SmallDisk(Path folder) {
		this.folder = folder;
	}

	/**
	 * Mounts a disk.
	 * @param folder where
	 * @throws UnavailableException if that isn't possible here
	 */
	static SmallDisk mount(Path folder) throws IOException {
		Files.createDirectories(folder);
		if (run("mount", "-t", "tmpfs", "-o", "size=32m", "none", folder.toString()) != 0) {
			throw new UnavailableException("A small disk can't be mounted, which takes Linux and root");
		}
		return new SmallDisk(folder);
	}

	/**
	 * Fills it to the last byte.
	 */
	void fill() {
		try (FileChannel file = FileChannel.open(ballast(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			while (true) {
				file.write(ByteBuffer.allocate(BUFFER));
			}
		}
		catch (IOException ex) {
			// It is full
		}
	}

	/**
	 * Gives back the space.
	 */
	void free() throws IOException {
		Files.deleteIfExists(ballast());
	}

	private Path ballast() {
		return this.folder.resolve("ballast");
	}

	private static int run(String... command) {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor();
		}
		catch (IOException ex) {
			// There is no such program
			return -1;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return -1;
		}
	}

	@Override
	public void close() {
		run("umount", this.folder.toString());
	}

}
