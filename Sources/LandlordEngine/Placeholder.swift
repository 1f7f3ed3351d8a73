import AsyncHTTPClient
import CProcess
import Crypto
import GRDB
import Logging
import Metrics
import ServiceLifecycle
import Yams

public enum EnginePlaceholder { public static var bytes: [UInt8] { PackageResources.tenant_provision_json } }
