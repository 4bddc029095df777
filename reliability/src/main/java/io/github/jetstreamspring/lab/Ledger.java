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
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.jetstreamspring.lab.Event.Type;

/**
 * What one process has done, in a file of its own. Each event is with the operating
 * system when the call returns, so that it outlives a process that is killed.
 */
final class Ledger implements AutoCloseable {

	private static final String SUFFIX = ".ledger";

	private final String actor;

	private final FileChannel file;

	private Ledger(String actor, FileChannel file) {
		this.actor = actor;
		this.file = file;
	}

	/**
	 * Opens a ledger to write.
	 * @param folder where all ledgers of a run are
	 * @param actor who writes
	 */
	static Ledger open(Path folder, String actor) {
		try {
			return new Ledger(actor, FileChannel.open(folder.resolve(actor + SUFFIX), StandardOpenOption.CREATE,
					StandardOpenOption.APPEND));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void write(Type type, String job) {
		write(type, job, 0, "");
	}

	void write(Type type, String job, long attempt, String detail) {
		String line = new Event(now(), this.actor, type, job, attempt, detail).line();
		ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
		synchronized (this.file) {
			boolean interrupted = Thread.interrupted();
			try {
				this.file.write(bytes);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			finally {
				if (interrupted) {
					Thread.currentThread().interrupt();
				}
			}
		}
	}

	// The clock that nobody can set, which all processes of a machine share
	private static long now() {
		return TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
	}

	/**
	 * Returns whether somebody has written something.
	 * @param folder where all ledgers of a run are
	 * @param actor who may have written
	 */
	static boolean isWritten(Path folder, String actor) {
		return folder.resolve(actor + SUFFIX).toFile().length() > 0;
	}

	/**
	 * Reads all ledgers of a run.
	 * @param folder where they are
	 * @return the events of all, in the order of their times
	 */
	static List<Event> read(Path folder) throws IOException {
		List<Event> events = new ArrayList<>();
		try (Stream<Path> files = Files.list(folder)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(SUFFIX)).toList()) {
				String text = Files.readString(file);
				// What comes after the last line end was being written when its process
				// died
				text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Event::of).forEach(events::add);
			}
		}
		events.sort(Comparator.comparingLong(Event::micros));
		return events;
	}

	@Override
	public void close() throws IOException {
		this.file.close();
	}

}
