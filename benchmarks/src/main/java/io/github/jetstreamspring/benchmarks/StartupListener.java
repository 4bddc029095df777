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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.annotation.JetStreamListener;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A Spring Boot application with one listener, which waits for its first message. The
 * benchmark runs it in a process of its own.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class StartupListener {

	/**
	 * The argument with which it only declares its streams.
	 */
	static final String DECLARE = "declare";

	private static final long TIMEOUT_SECONDS = 30;

	private static final CountDownLatch handled = new CountDownLatch(1);

	private static volatile double firstMessage;

	public static void main(String[] args) throws InterruptedException {
		ConfigurableApplicationContext context = SpringApplication.run(StartupListener.class, args);
		Figures figures = new Figures().with("ready", Vitals.seconds());
		if (List.of(args).contains(DECLARE) || handled.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
			System.out.println(Vitals.addTo(figures.with("first-message", firstMessage)));
		}
		context.close();
	}

	@JetStreamListener(stream = Startup.STREAM, consumer = Startup.CONSUMER)
	void handle(Job job) {
		firstMessage = Vitals.seconds();
		handled.countDown();
	}

}
