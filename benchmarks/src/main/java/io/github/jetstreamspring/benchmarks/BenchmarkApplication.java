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

import java.util.List;

import io.github.jetstreamspring.test.EmbeddedNatsServer;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Configuration;

/**
 * Runs benchmarks against a server of its own: those that are named, or all.
 */
@Configuration(proxyBeanMethods = false)
public class BenchmarkApplication implements ApplicationRunner {

	public static void main(String[] args) {
		SpringApplication.run(BenchmarkApplication.class, args);
	}

	@Override
	public void run(ApplicationArguments arguments) throws Exception {
		Settings settings = Settings.of(arguments);
		List<Benchmark> benchmarks = arguments.getNonOptionArgs().isEmpty()
				? List.of(new Throughput(), new Latency(), new Fairness(), new Duplicates(), new Publish(),
						new Startup(), new FirstMessages(), new ManyListeners(), new ManyDeadLetters(), new Observers())
				: arguments.getNonOptionArgs().stream().map(BenchmarkApplication::named).toList();
		try (EmbeddedNatsServer server = EmbeddedNatsServer.start()) {
			Report report = new Report(System.out);
			report.machine(server.version());
			for (Benchmark benchmark : benchmarks) {
				benchmark.run(server, settings, report);
			}
		}
	}

	static Benchmark named(String name) {
		return switch (name) {
			case "throughput" -> new Throughput();
			case "latency" -> new Latency();
			case "fairness" -> new Fairness();
			case "duplicates" -> new Duplicates();
			case "publish" -> new Publish();
			case "startup" -> new Startup();
			case "first-messages" -> new FirstMessages();
			case "many-listeners" -> new ManyListeners();
			case "dead-letters" -> new ManyDeadLetters();
			case "observers" -> new Observers();
			default -> throw new IllegalArgumentException(("There is no benchmark '%s', only throughput, latency, "
					+ "fairness, duplicates, publish, startup, first-messages, many-listeners, dead-letters and observers")
				.formatted(name));
		};
	}

}
