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

import io.github.jetstreamspring.publisher.JetStreamTemplate;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A Spring Boot application that publishes by its template.
 */
final class TemplatePublisher implements Publisher {

	private final PublishCase publishCase;

	private final ConfigurableApplicationContext context;

	private final JetStreamTemplate template;

	private final Object payload;

	TemplatePublisher(PublishCase publishCase, String url) {
		this.publishCase = publishCase;
		this.context = new SpringApplicationBuilder(Application.class).registerShutdownHook(false)
			.run("--jetstream.servers=" + url,
					"--jetstream.publisher.max-in-flight=" + Math.max(1, publishCase.window()));
		this.template = this.context.getBean(JetStreamTemplate.class);
		byte[] bytes = Payload.create(0, 0, publishCase.size());
		this.payload = publishCase.json() ? new Job(0, 0, "alice", "x".repeat(publishCase.size() - Payload.MIN_SIZE))
				: bytes;
	}

	@Override
	public void run(int messages) throws Exception {
		if (this.publishCase.isSynchronous()) {
			for (int number = 0; number < messages; number++) {
				this.template.publish(Queue.SUBJECT, this.payload);
			}
			return;
		}
		Confirmed confirmed = new Confirmed(messages);
		for (int number = 0; number < messages; number++) {
			this.template.publishAsync(Queue.SUBJECT, this.payload).whenComplete(confirmed::one);
		}
		confirmed.await();
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
