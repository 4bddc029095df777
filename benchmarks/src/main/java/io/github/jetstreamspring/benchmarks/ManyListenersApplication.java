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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.listener.JetStreamListeners;
import io.github.jetstreamspring.listener.ListenerState;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

/**
 * A Spring Boot application with as many listeners as the classes have that are its
 * arguments. The benchmark runs it in a process of its own, and says what to measure.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ManyListenersApplication {

	private static final HandledMessages handled = new HandledMessages();

	private static final long LOOK_MILLIS = 5;

	private final ConfigurableApplicationContext context;

	private final JetStreamListeners listeners;

	ManyListenersApplication(ConfigurableApplicationContext context, JetStreamListeners listeners) {
		this.context = context;
		this.listeners = listeners;
	}

	public static void main(String[] args) throws Exception {
		SpringApplication application = new SpringApplication(ManyListenersApplication.class);
		for (String name : args) {
			application.addPrimarySources(List.of(ClassUtils.forName(name, null)));
		}
		ConfigurableApplicationContext context = application.run();
		context.getBean(ManyListenersApplication.class).obey();
		context.close();
	}

	/**
	 * What all listeners do.
	 */
	static void handle(byte[] payload) {
		handled.handled(Payload.number(payload), Payload.time(payload));
	}

	private void obey() throws Exception {
		Figures figures = new Figures().with("ready", Vitals.seconds());
		awaitRunning();
		System.out.println(Vitals.addTo(figures.with("running", Vitals.seconds())));
		BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line = commands.readLine(); line != null; line = commands.readLine()) {
			String[] words = line.split(" ", 2);
			System.out.println(obey(words[0], (words.length > 1) ? words[1] : ""));
		}
	}

	private Figures obey(String command, String argument) throws Exception {
		return switch (command) {
			case "rest" -> rest(Long.parseLong(argument));
			case "await" -> await(Integer.parseInt(argument));
			case "stop" -> stop(Path.of(argument));
			default -> throw new IllegalArgumentException(command);
		};
	}

	private void awaitRunning() throws InterruptedException {
		while (!this.listeners.statuses().stream().allMatch((status) -> status.state() == ListenerState.RUNNING)) {
			TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
		}
	}

	// What is left of the start is collected before the clock starts
	private static Figures rest(long seconds) throws InterruptedException {
		Figures figures = new Figures().with("heap", liveBytes() / 1024);
		double cpu = Vitals.cpuSeconds();
		ThreadTimes threads = ThreadTimes.now();
		long start = System.nanoTime();
		TimeUnit.SECONDS.sleep(seconds);
		double lasted = (System.nanoTime() - start) / 1e9;
		figures.with("percent", (Vitals.cpuSeconds() - cpu) * 100 / lasted);
		ThreadTimes.now().addSince(threads, lasted, figures);
		ManagementFactory.getThreadMXBean().resetPeakThreadCount();
		return Vitals.addTo(figures);
	}

	private static double liveBytes() throws InterruptedException {
		// The first finds what is only weakly reachable
		for (int run = 0; run < 3; run++) {
			System.gc();
			TimeUnit.MILLISECONDS.sleep(100);
		}
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private static Figures await(int count) throws InterruptedException {
		Figures figures = handled.await(count, TimeUnit.SECONDS.toMillis(60))
			.with("peak-threads", ManagementFactory.getThreadMXBean().getPeakThreadCount());
		return Vitals.addTo(figures);
	}

	private Figures stop(Path numbers) throws IOException {
		long start = System.nanoTime();
		this.listeners.stop();
		Figures figures = new Figures().with("stop", (System.nanoTime() - start) / 1e9);
		long closing = System.nanoTime();
		this.context.close();
		figures.with("close", (System.nanoTime() - closing) / 1e9);
		Files.write(numbers, handled.numbers());
		return figures;
	}

}
