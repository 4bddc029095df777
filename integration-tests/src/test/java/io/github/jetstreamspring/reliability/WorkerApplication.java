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

package io.github.jetstreamspring.reliability;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.jetstreamspring.annotation.JetStreamListener;
import io.github.jetstreamspring.boot.autoconfigure.JetStreamAutoConfiguration;
import io.github.jetstreamspring.publisher.JetStreamTemplate;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;

/**
 * A worker in a JVM of its own. For each message it publishes when it begins and when it
 * has done it.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ PropertyPlaceholderAutoConfiguration.class, LifecycleAutoConfiguration.class,
		SslAutoConfiguration.class, JacksonAutoConfiguration.class, JetStreamAutoConfiguration.class })
class WorkerApplication {

	private final JetStreamTemplate template;

	private final long workMillis;

	WorkerApplication(JetStreamTemplate template, @Value("${work-millis}") long workMillis) {
		this.template = template;
		this.workMillis = workMillis;
	}

	public static void main(String[] args) {
		SpringApplication.run(WorkerApplication.class, args);
	}

	@JetStreamListener(stream = "jobs", consumer = "worker")
	void work(String job) throws InterruptedException {
		this.template.publish("runs.begun", job);
		new CountDownLatch(1).await(this.workMillis, TimeUnit.MILLISECONDS);
		this.template.publish("runs.done", job);
	}

}
