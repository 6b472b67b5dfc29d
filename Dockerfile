# One image for each endpoint: docker build --build-arg ENDPOINT=Bank.Accounts .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG ENDPOINT
WORKDIR /src
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props .editorconfig ./
COPY contracts contracts
COPY platform platform
COPY endpoints endpoints
RUN test -n "$ENDPOINT" && dotnet publish "endpoints/$ENDPOINT" --configuration Release --output /app \
    && printf '#!/bin/sh\nexec dotnet "/app/%s.dll"\n' "$ENDPOINT" > /app/start && chmod +x /app/start

FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app
USER $APP_UID
ENV ASPNETCORE_URLS=http://0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --retries=20 CMD ["curl", "--fail", "--silent", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["/app/start"]
