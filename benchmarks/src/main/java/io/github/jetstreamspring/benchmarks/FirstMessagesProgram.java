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
package io.github.jetstreamspring.benchmarks;

import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.jetstreamspring.boot.autoconfigure.JetStreamAutoConfiguration;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Handles or publishes messages as soon as it can. The benchmark runs it in a process of
 * its own.
 */
public final class FirstMessagesProgram {

	static final int SIZE = 128;

	/**
	 * Ends the name of a side that begins when an application of Spring Boot has started,
	 * as that of the others does: the JVM has as much to compile then.
	 */
	static final String IN_BOOT = "_in_boot";

	private static final Case HANDLED = Case.parse("noop-" + SIZE + "-bytes-c4");

	private static final PublishCase PUBLISHED = PublishCase.parse("async1000-" + SIZE + "-bytes");

	private static final long TIMEOUT_SECONDS = 60;

	private static final double NANOS_PER_MILLI = 1e6;

	private FirstMessagesProgram() {
	}

	public static void main(String[] args) throws Exception {
		int messages = Integer.parseInt(args[3]);
		String side = args[1].replace(IN_BOOT, "").toUpperCase(Locale.ROOT);
		ConfigurableApplicationContext application = args[1].endsWith(IN_BOOT) ? startApplication() : null;
		Figures figures = (FirstMessages.Task.valueOf(args[0]) == FirstMessages.Task.HANDLED)
				? handle(Side.valueOf(side), args[2], messages) : publish(PublishSide.valueOf(side), args[2], messages);
		System.out.println(figures);
		if (application != null) {
			application.close();
		}
	}

	// Without the starter
	private static ConfigurableApplicationContext startApplication() {
		return new SpringApplicationBuilder(StartupPlain.class)
			.run("--spring.autoconfigure.exclude=" + JetStreamAutoConfiguration.class.getName());
	}

	private static Figures handle(Side side, String url, int messages) throws Exception {
		Milestones milestones = new Milestones(messages);
		try (Worker worker = side.open(HANDLED, url, milestones)) {
			milestones.start();
			worker.start();
			return milestones.await();
		}
	}

	private static Figures publish(PublishSide side, String url, int messages) throws Exception {
		try (Publisher publisher = side.open(PUBLISHED, url)) {
			double cpu = Vitals.cpuSeconds();
			long start = System.nanoTime();
			publisher.run(1);
			long first = System.nanoTime();
			publisher.run(messages / 10);
			long tenth = System.nanoTime();
			publisher.run(messages - messages / 10);
			return figures(start, first, tenth, System.nanoTime(), cpu);
		}
	}

	private static Figures figures(long start, long first, long tenth, long last, double cpu) {
		return new Figures().with("first", (first - start) / NANOS_PER_MILLI)
			.with("tenth", (tenth - first) / NANOS_PER_MILLI)
			.with("all", (last - first) / NANOS_PER_MILLI)
			.with("cpu", (Vitals.cpuSeconds() - cpu) * 1e3);
	}

	/**
	 * When how many messages had been handled.
	 */
	private static final class Milestones implements Work {

		private final int messages;

		private final AtomicInteger handled = new AtomicInteger();

		private final CountDownLatch done = new CountDownLatch(1);

		private double cpu;

		private long start;

		private volatile long first;

		private volatile long tenth;

		private volatile long last;

		Milestones(int messages) {
			this.messages = messages;
		}

		void start() {
			this.cpu = Vitals.cpuSeconds();
			this.start = System.nanoTime();
		}

		@Override
		public void run(int number, long time) {
			int count = this.handled.incrementAndGet();
			if (count == 1) {
				this.first = System.nanoTime();
			}
			if (count == this.messages / 10) {
				this.tenth = System.nanoTime();
			}
			if (count == this.messages) {
				this.last = System.nanoTime();
				this.done.countDown();
			}
		}

		Figures await() throws InterruptedException {
			if (!this.done.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Only %d messages were handled".formatted(this.handled.get()));
			}
			return figures(this.start, this.first, this.tenth, this.last, this.cpu);
		}

	}

}
